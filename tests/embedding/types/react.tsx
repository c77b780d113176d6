import "payment-status";
import type {} from "payment-status/react";
import { useRef } from "react";
import type { PaymentStatus } from "payment-status/types";

export function Panel({ getToken }: { getToken: () => Promise<string> }) {
  const element = useRef<PaymentStatus>(null);
  return (
    <payment-status ref={element} src="/v1/transactions/tx_1/status" party="payer" tokenProvider={getToken} className="status" key="one"
      onpayment-status-change={({ detail }) => detail.payAgain === "safe"}>
      Please ask at the counter before you pay again.
    </payment-status>
  );
}

// @ts-expect-error there is no such party
export const wrong = <payment-status party="cashier" />;
