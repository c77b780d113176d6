// The policy forbids <style>, <link rel=stylesheet> and style attributes: the sheet is constructed.
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
fetch("/theme.css").then((answer) => answer.text()).then((css) => sheet.replace(css));

const { status_url, token } = await (await fetch("/order.json", { cache: "no-store" })).json();
const element = document.createElement("payment-status");
element.setAttribute("src", status_url);
element.token = token;
element.addEventListener("payment-status-error", ({ detail }) => {
  console.info(`${detail.kind}/${detail.code}: ${detail.message}`);
});

// What stands there becomes the element's fallback, shown until the widget works.
const place = document.getElementById("payment");
element.append(...place.childNodes);
place.append(element);
