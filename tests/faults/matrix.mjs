// All rows of the matrix. Long ones first, so that they do not stand alone at the end.

import answers from './rows/answers.mjs';
import network from './rows/network.mjs';

export const rows = [...network, ...answers];
