// What TypeScript must accept, and what it must refuse. Checked by tests/e2e/package.test.mjs.
import "payment-status";
import { define } from "payment-status/define";
import { PaymentStatus } from "payment-status/element";
import type { PaymentStatusDetail, PaymentStatusErrorDetail, PaymentStatusEventMap, TokenProvider } from "payment-status/types";

define();
define("payment-status-v2");
define("x-status", customElements);

const element = document.createElement("payment-status");
const same: PaymentStatus = element;
element.token = "pst_x";
element.token = undefined;
const provider: TokenProvider = async (asking) => `pst_${asking.getAttribute("src")}`;
element.tokenProvider = provider;
element.tokenProvider = null;
const version: string = PaymentStatus.version;
PaymentStatus.base = "/payment-status/0.1.0/payment-status.js";
// @ts-expect-error a token provider answers a promise
element.tokenProvider = () => "pst_x";
// @ts-expect-error the version cannot be set
PaymentStatus.version = "2";

element.addEventListener("payment-status-change", ({ detail }) => {
  const mayPayAgain: boolean = detail.payAgain === "safe" && !detail.stale;
  const mayRelease: boolean = detail.release === "release" && !detail.stale && detail.final;
  // @ts-expect-error there is no such member
  detail.pay_again;
  return [mayPayAgain, mayRelease];
});
element.addEventListener("payment-status-error", ({ detail }) => {
  const kind: "configuration" | "network" | "protocol" | "expired" | "internal" = detail.kind;
  return kind;
});
document.querySelector("payment-status")?.addEventListener("payment-status-final", (event) => {
  const detail: PaymentStatusDetail = event.detail;
  return detail.matchCode;
});

const byName: { [Name in keyof PaymentStatusEventMap]: PaymentStatusEventMap[Name]["detail"]["format"] } = {
  "payment-status-change": 1, "payment-status-final": 1, "payment-status-error": 1, "payment-status-dismiss": 1 };
const error: PaymentStatusErrorDetail = { format: 1, kind: "network", code: "offline", message: "" };
export { byName, error, same, version };
