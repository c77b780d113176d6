import "payment-status";
import { useEffect, useRef, useState } from "react";

export function PaymentPanel({ src, getToken, onPayAgain }) {
  const element = useRef(null);
  const [mayPayAgain, setMayPayAgain] = useState(false);
  useEffect(() => {
    const status = element.current;
    const listener = ({ detail }) => setMayPayAgain(detail.payAgain === "safe" && !detail.stale);
    status.addEventListener("payment-status-change", listener);
    return () => status.removeEventListener("payment-status-change", listener);
  }, []);
  return (
    <section>
      <payment-status ref={element} src={src} party="payer" tokenProvider={getToken}>
        Please ask at the counter before you pay again.
      </payment-status>
      <button disabled={!mayPayAgain} onClick={onPayAgain}>Pay again</button>
    </section>
  );
}
