// As many elements as were asked for, the payments in turn.
const { payments, elements, sheet } = bench;
if (sheet) {
  document.adoptedStyleSheets = [new CSSStyleSheet()];
  document.adoptedStyleSheets[0].replaceSync(sheet);
}
const place = document.createDocumentFragment();
for (let count = 0; count < elements; count += 1) {
  const { src, transaction, token, party } = payments[count % payments.length];
  const element = document.createElement('payment-status');
  element.dataset.transaction = transaction;
  element.token = token;
  element.setAttribute('party', party);
  element.setAttribute('src', src);
  place.append(element);
}
document.getElementById('payments').append(place);
