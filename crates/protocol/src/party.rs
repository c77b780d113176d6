//! Who is looking at the screen.

use crate::open_enum::open_enum;

open_enum! {
    /// A reader of the transaction. All three see the same state; their words and rights differ.
    pub enum Party {
        /// The person who pays.
        Payer = "payer",
        /// The cashier or shop.
        Merchant = "merchant",
        /// The support agent of the operator.
        Support = "support",
    }
}
