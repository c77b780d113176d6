/** A value that a later server may send and this version does not list: it means "still checking". */
type Later = string & {};

/** The verdict, as in docs/protocol.md, section 3, and whether it can still be trusted to be the present one. */
export interface PaymentStatusDetail {
  format: 1;
  transaction: string;
  version: number;
  state: string;
  reason: string;
  charged: "not_charged" | "charged" | "returning" | "returned" | "unknown" | Later;
  /** May the payer pay again? Act on `safe` only while `stale` is false. */
  payAgain: "do_not" | "wait" | "safe" | Later;
  /** May the goods be handed over? Act on `release` only while `stale` is false. */
  release: "release" | "wait" | "do_not" | Later;
  moneyAt: "payer" | "in_flight" | "acquirer" | "merchant" | "returning" | "returned" | "unknown" | Later;
  /** The state will not change by itself. A refund or a dispute can still change it. */
  final: boolean;
  /** The server has not been heard for a while: the answer is the last one, perhaps not the present one. */
  stale: boolean;
  matchCode: string;
}

/** Why there is no new answer. The last verified one stays on the screen. */
export interface PaymentStatusErrorDetail {
  format: 1;
  kind: "configuration" | "network" | "protocol" | "expired" | "internal";
  code: string;
  /** English, for developers. */
  message: string;
}

/** The reader is done with the card. */
export interface PaymentStatusDismissDetail {
  format: 1;
  transaction: string;
}

/** Gets a token for the payment and reader that the element is set to. */
export type TokenProvider = (element: PaymentStatus) => Promise<string>;

export type PaymentStatusChangeEvent = CustomEvent<PaymentStatusDetail>;
export type PaymentStatusErrorEvent = CustomEvent<PaymentStatusErrorDetail>;
export type PaymentStatusDismissEvent = CustomEvent<PaymentStatusDismissDetail>;

/** The element's own events by name. */
export interface PaymentStatusEventMap {
  "payment-status-change": PaymentStatusChangeEvent;
  "payment-status-final": PaymentStatusChangeEvent;
  "payment-status-error": PaymentStatusErrorEvent;
  "payment-status-dismiss": PaymentStatusDismissEvent;
}

/** The attributes as markup has them. */
export interface PaymentStatusAttributes {
  src?: string;
  party?: "payer" | "merchant" | "support";
  token?: string;
  locale?: string;
  keys?: string;
  theme?: "auto" | "light" | "dark";
  dismissible?: boolean | "";
}

export class PaymentStatus extends HTMLElement {
  static readonly version: string;
  static readonly observedAttributes: readonly string[];
  /** The integrity value of the glue, which vouches for every other file. */
  static readonly integrity: string;
  /** Address beside which glue, WebAssembly and words lie. Default: this module's own. Set it before the first element. */
  static base: string;
  /** The capability token; wins over the attribute. */
  get token(): string | null;
  set token(value: string | null | undefined);
  /** Called when there is no token, and when the server refuses the one there is. Wins over the attribute `token`. */
  get tokenProvider(): TokenProvider | undefined;
  set tokenProvider(value: TokenProvider | null | undefined);
}

/** Registers the element: as `payment-status` on the page, unless told otherwise. Does nothing where there are no elements (Node). */
export function define(tag?: string, registry?: CustomElementRegistry): void;

declare global {
  interface HTMLElementTagNameMap {
    "payment-status": PaymentStatus;
  }
  interface HTMLElementEventMap extends PaymentStatusEventMap {}
}
