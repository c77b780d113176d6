// receipt.html: the wallet's bill on its own screen.

import { wallet } from './wallet.js';
import { standalone } from './standalone.js';

standalone({ sheets: ['pages/wallet.css'], screen: wallet });
