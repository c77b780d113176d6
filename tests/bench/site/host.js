// What a host page does: says which payment this is. The token goes in as a property, so it stands in no document.
const element = document.querySelector('payment-status');
globalThis.show = ({ src, party, token }) => {
  element.token = token;
  element.setAttribute('party', party);
  element.setAttribute('src', src);
};
show(bench);
