// Android: webView.addJavascriptInterface(host, "PaymentHost"), with one method postMessage(String).
// iOS: userContentController.add(handler, name: "payment").
function tell(message) {
  const text = JSON.stringify(message);
  window.PaymentHost?.postMessage(text);
  window.webkit?.messageHandlers?.payment?.postMessage(text);
}

const status = document.querySelector("payment-status");
for (const name of ["payment-status-change", "payment-status-final", "payment-status-error"]) {
  status.addEventListener(name, ({ detail }) => tell({ type: name, detail }));
}

// The app keeps the token: it is asked for one, and answers with evaluateJavascript("giveToken('pst_…')").
let take;
status.tokenProvider = () => new Promise((resolve) => {
  take = resolve;
  tell({ type: "token-wanted" });
});
window.giveToken = (token) => take?.(token);

// The app says which payment, with evaluateJavascript("showPayment('/v1/transactions/tx_…/status')").
window.showPayment = (src) => status.setAttribute("src", src);
tell({ type: "ready" });
