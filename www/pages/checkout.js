// checkout.html: the shop's till on its own screen.

import { till } from './till.js';
import { standalone } from './standalone.js';

standalone({ sheets: ['pages/till.css'], screen: till });
