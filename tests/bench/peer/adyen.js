// The await screen of @adyen/adyen-web, as its documentation has a page show it: the core, and the component of one
// payment method that waits for the shopper's phone (BLIK, the smallest bundle of them). Nothing is asked for that
// can be left out: no analytics, no fingerprint of the device, no session; American English, whose words lie in the bundle.

import { AdyenCheckout, Blik } from '@adyen/adyen-web';
import '@adyen/adyen-web/styles/adyen.css';

const base = new URL('adyen-test/', location.href).href;
AdyenCheckout.register(Blik);
const checkout = await AdyenCheckout({
  environment: 'test',
  clientKey: 'test_BENCH',
  countryCode: 'PL',
  locale: 'en-US',
  amount: { value: 12800, currency: 'PLN' },
  analytics: { enabled: false },
  risk: { enabled: false },
  _environmentUrls: { api: base, analytics: base, cdn: { images: base, translations: base } },
  onAdditionalDetails: (state, component, actions) => actions.resolve({ resultCode: 'Authorised' }),
});
document.getElementById('payment').replaceChildren();
checkout.createFromAction({
  type: 'await', paymentMethodType: 'blik', paymentData: btoa(JSON.stringify({ src: bench.src, token: bench.token })),
}).mount('#payment');
