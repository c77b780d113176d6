// All rows of the matrix. Long ones first, so that they do not stand alone at the end.

import answers from './rows/answers.mjs';
import device from './rows/device.mjs';
import loading from './rows/loading.mjs';
import network from './rows/network.mjs';
import proofs from './rows/proofs.mjs';

export const rows = [...network, ...proofs, ...device, ...loading, ...answers];
