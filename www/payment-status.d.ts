/** The verdict, as in docs/protocol.md, section 3. A value that this version does not list is possible. */
export interface PaymentStatusDetail {
  format: 1;
  transaction: string;
  version: number;
  state: string;
  charged: "not_charged" | "charged" | "returning" | "returned" | "unknown" | (string & {});
  pay_again: "do_not" | "wait" | "safe" | (string & {});
  release: "release" | "wait" | "do_not" | (string & {});
  money_at: string;
  final: boolean;
  reason: string;
  match_code: string;
}

/** Why there is no new answer. The last verified one stays on the screen. */
export interface PaymentStatusErrorDetail {
  format: 1;
  kind: "configuration" | "network" | "protocol" | "expired" | "internal";
  code: string;
  message: string;
}

export class PaymentStatus extends HTMLElement {
  static readonly version: string;
  /** The capability token; wins over the attribute. */
  get token(): string | null;
  set token(value: string | null | undefined);
}

/** Registers the element under another name or in another registry. */
export function define(tag?: string, registry?: CustomElementRegistry): void;

declare global {
  interface HTMLElementTagNameMap {
    "payment-status": PaymentStatus;
  }
  interface HTMLElementEventMap {
    "payment-status-change": CustomEvent<PaymentStatusDetail>;
    "payment-status-final": CustomEvent<PaymentStatusDetail>;
    "payment-status-error": CustomEvent<PaymentStatusErrorDetail>;
  }
}
