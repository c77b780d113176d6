// JSX for React 18 and 19: `import type {} from "payment-status/react"`.
import type { HTMLAttributes, Ref } from "react";
import type {
  PaymentStatus, PaymentStatusAttributes, PaymentStatusChangeEvent, PaymentStatusDismissEvent, PaymentStatusErrorEvent,
  TokenProvider,
} from "./payment-status.js";

/** React 19 sets properties and adds listeners by these names; React 18 knows attributes and `ref` alone. */
export interface PaymentStatusProps extends PaymentStatusAttributes, HTMLAttributes<PaymentStatus> {
  ref?: Ref<PaymentStatus>;
  tokenProvider?: TokenProvider;
  "onpayment-status-change"?: (event: PaymentStatusChangeEvent) => void;
  "onpayment-status-final"?: (event: PaymentStatusChangeEvent) => void;
  "onpayment-status-error"?: (event: PaymentStatusErrorEvent) => void;
  "onpayment-status-dismiss"?: (event: PaymentStatusDismissEvent) => void;
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "payment-status": PaymentStatusProps & { key?: string | number | null };
    }
  }
}
