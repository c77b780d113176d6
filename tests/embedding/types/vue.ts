import "payment-status";
import type {} from "payment-status/vue";
import type { GlobalComponents } from "vue";

type Props = InstanceType<GlobalComponents["payment-status"]>["$props"];
export const right: Props = {
  src: "/v1/transactions/tx_1/status", party: "merchant", tokenProvider: async () => "pst_x", class: "status",
  onPaymentStatusChange: ({ detail }) => detail.payAgain === "safe" && !detail.stale,
};
// @ts-expect-error there is no such party
export const wrong: Props = { party: "cashier" };
