// Templates of Vue 3: `import type {} from "payment-status/vue"`.
import type { HTMLAttributes } from "vue";
import type {
  PaymentStatus, PaymentStatusAttributes, PaymentStatusChangeEvent, PaymentStatusDismissEvent, PaymentStatusErrorEvent,
  TokenProvider,
} from "./payment-status.js";

export interface PaymentStatusProps extends PaymentStatusAttributes, /* @vue-ignore */ HTMLAttributes {
  tokenProvider?: TokenProvider;
  onPaymentStatusChange?: (event: PaymentStatusChangeEvent) => void;
  onPaymentStatusFinal?: (event: PaymentStatusChangeEvent) => void;
  onPaymentStatusError?: (event: PaymentStatusErrorEvent) => void;
  onPaymentStatusDismiss?: (event: PaymentStatusDismissEvent) => void;
}

declare module "vue" {
  interface GlobalComponents {
    "payment-status": new () => PaymentStatus & { $props: PaymentStatusProps };
  }
}
