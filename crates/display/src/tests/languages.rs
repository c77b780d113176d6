//! What the tests know of each language. A locale file without a line here fails them.
//!
//! Plural categories: Unicode CLDR, cardinal, as `Intl.PluralRules` has them (`tests/pages/words.test.mjs` compares).

/// One language, as far as its sentences can be held to rules.
pub(super) struct Language {
    /// The name of its files.
    pub(super) tag: &'static str,
    pub(super) direction: &'static str,
    pub(super) plurals: &'static [&'static str],
    /// What ends a sentence; empty where nothing does.
    pub(super) stop: &'static str,
    /// Other scripts' punctuation, which would look foreign.
    pub(super) foreign: &'static str,
    /// Phrases that speak of paying again or of handing over, whether they allow it or not; in lower case.
    pub(super) permission: &'static [&'static str],
    /// Phrases of steps that are right only when it is proven that nothing was taken; in lower case.
    pub(super) retry: &'static [&'static str],
    /// Phrases that point at the time limit shown below the steps; in lower case.
    pub(super) below: &'static [&'static str],
}

const RTL: &str = "rtl";
const OTHER: &[&str] = &["other"];
const ROMANCE: &[&str] = &["one", "many", "other"];
/// Half-width, where the script has its own.
const EAST_ASIA: &str = ",:;?!(";
const ARABIC_SCRIPT: &str = ",;?";

/// What most languages share.
const PLAIN: Language = Language {
    tag: "",
    direction: "ltr",
    plurals: &["one", "other"],
    stop: ".",
    foreign: "",
    permission: &[],
    retry: &[],
    below: &[],
};

pub(super) const LANGUAGES: &[Language] = &[
    Language {
        tag: "ar",
        direction: RTL,
        plurals: &["zero", "one", "two", "few", "many", "other"],
        foreign: ARABIC_SCRIPT,
        permission: &["مرة أخرى", "تسليم البضاعة", "تسلّم البضاعة"],
        retry: &[
            "حساباً آخر",
            "محفظة أخرى",
            "بطاقة أخرى",
            "طريقة دفع أخرى",
            "دفعة جديدة",
            "طلب جديد",
            "طلباً جديداً",
        ],
        below: &["المذكور أدناه"],
        ..PLAIN
    },
    Language {
        tag: "de",
        permission: &["noch einmal bezahl", "noch einmal kass", "herausgeben"],
        retry: &[
            "andere karte",
            "andere zahlungsart",
            "neue zahlung",
            "neue bestellung",
        ],
        below: &["unten genannte"],
        ..PLAIN
    },
    Language {
        tag: "en",
        permission: &["pay again", "pay once", "hand over"],
        retry: &[
            "another card",
            "new payment",
            "new order",
            "another way to pay",
            "pay with",
        ],
        below: &["given below"],
        ..PLAIN
    },
    Language {
        tag: "es",
        plurals: ROMANCE,
        permission: &[
            "volver a pagar",
            "vuelva a pagar",
            "puede entregar",
            "entregue los productos",
        ],
        retry: &[
            "otra tarjeta",
            "otra forma de pago",
            "pago nuevo",
            "pedido nuevo",
        ],
        below: &["indicado abajo"],
        ..PLAIN
    },
    Language {
        tag: "fa",
        direction: RTL,
        foreign: ARABIC_SCRIPT,
        permission: &[
            "دوباره پرداخت",
            "دوباره از مشتری پول",
            "تحویل ده",
            "تحویل نده",
        ],
        retry: &[
            "حساب دیگری",
            "کیف پول دیگری",
            "کارت دیگر",
            "روش پرداخت دیگری",
            "پرداخت تازه",
            "سفارش تازه",
        ],
        below: &["موعد زیر"],
        ..PLAIN
    },
    Language {
        tag: "fr",
        plurals: ROMANCE,
        permission: &[
            "payer à nouveau",
            "payez pas à nouveau",
            "remettre la marchandise",
            "remettez pas",
        ],
        retry: &[
            "autre carte",
            "autre moyen",
            "nouveau paiement",
            "nouvelle commande",
        ],
        below: &["indiqué ci-dessous"],
        ..PLAIN
    },
    Language {
        tag: "he",
        direction: RTL,
        plurals: &["one", "two", "other"],
        permission: &["לשלם שוב", "למסור את הסחורה"],
        retry: &[
            "בחשבון אחר",
            "בארנק אחר",
            "כרטיס אחר",
            "אמצעי תשלום אחר",
            "תשלום חדש",
            "הזמנה חדשה",
        ],
        below: &["שלמטה"],
        ..PLAIN
    },
    Language {
        tag: "hi",
        stop: "।",
        permission: &["दोबारा पेमेंट", "सामान दिया जा", "सामान दे सक", "सामान न दें"],
        retry: &[
            "कोई और कार्ड",
            "दूसरा कार्ड",
            "पेमेंट का दूसरा तरीका",
            "नया पेमेंट",
            "नया ऑर्डर",
        ],
        below: &["नीचे दिए समय", "नीचे दिया समय"],
        ..PLAIN
    },
    Language {
        tag: "id",
        plurals: OTHER,
        permission: &["bayar lagi", "boleh menyerahkan", "serahkan barang"],
        retry: &[
            "rekening lain",
            "dompet digital lain",
            "kartu lain",
            "cara bayar lain",
            "pembayaran baru",
            "pesanan baru",
        ],
        below: &["di bawah ini"],
        ..PLAIN
    },
    Language {
        tag: "ja",
        plurals: OTHER,
        stop: "。",
        foreign: EAST_ASIA,
        permission: &[
            "支払い直",
            "もう一度支払",
            "もう一度お支払い",
            "二重に支払",
            "再度の支払い",
            "渡せます",
            "商品を渡さ",
        ],
        retry: &["別のカード", "別の支払い方法", "新しい支払い", "新しい注文"],
        below: &["下記の時刻"],
        ..PLAIN
    },
    Language {
        tag: "ko",
        plurals: OTHER,
        permission: &["다시 결제", "중복으로 결제", "건네"],
        retry: &["다른 카드", "다른 결제 방법", "새 결제", "새 주문"],
        below: &["아래 시각"],
        ..PLAIN
    },
    Language {
        tag: "pt-BR",
        plurals: ROMANCE,
        permission: &[
            "pagar de novo",
            "pague de novo",
            "pode entregar",
            "entregue a mercadoria",
        ],
        retry: &[
            "outro cartão",
            "outra forma de pagamento",
            "pagamento novo",
            "pedido novo",
        ],
        below: &["indicado abaixo"],
        ..PLAIN
    },
    Language {
        tag: "ru",
        plurals: &["one", "few", "many", "other"],
        permission: &[
            "платить ещё раз",
            "платите ещё раз",
            "выдать товар",
            "выдавайте",
        ],
        retry: &[
            "другую карту",
            "другой способ",
            "новый платёж",
            "новый заказ",
        ],
        below: &["указанного ниже", "указанное ниже"],
        ..PLAIN
    },
    Language {
        tag: "sw",
        permission: &[
            "lipa tena",
            "lipe tena",
            "unaweza kukabidhi",
            "linaweza kukabidhi",
            "usikabidhi",
        ],
        retry: &[
            "akaunti nyingine",
            "pochi nyingine",
            "kadi nyingine",
            "njia nyingine ya kulipa",
            "malipo mapya",
            "oda mpya",
        ],
        below: &["hapa chini"],
        ..PLAIN
    },
    Language {
        tag: "th",
        plurals: OTHER,
        stop: "",
        permission: &["ชำระเงินใหม่", "ชำระเงินซ้ำ", "มอบสินค้า"],
        retry: &[
            "บัญชีอื่น",
            "วอลเล็ตอื่น",
            "บัตรอื่น",
            "วิธีชำระเงินอื่น",
            "รับเงินใหม่",
            "คำสั่งซื้อใหม่",
        ],
        below: &["เวลาด้านล่าง"],
        ..PLAIN
    },
    Language {
        tag: "tr",
        permission: &["tekrar öde", "teslim edebilir", "teslim etmeyin"],
        retry: &[
            "başka bir kart",
            "başka kart",
            "başka bir ödeme",
            "yeni ödeme",
            "yeni bir ödeme",
            "yeni bir sipariş",
        ],
        below: &["aşağıda belirtilen"],
        ..PLAIN
    },
    Language {
        tag: "ur",
        direction: RTL,
        stop: "۔",
        foreign: ARABIC_SCRIPT,
        permission: &[
            "دوبارہ ادائیگی",
            "سامان دیا جا",
            "سامان دے سک",
            "سامان نہ دیں",
        ],
        retry: &[
            "کوئی اور کارڈ",
            "دوسرا کارڈ",
            "ادائیگی کا دوسرا طریقہ",
            "نئی ادائیگی",
            "نیا آرڈر",
        ],
        below: &["نیچے دیے گئے وقت", "نیچے دیا گیا وقت"],
        ..PLAIN
    },
    Language {
        tag: "vi",
        plurals: OTHER,
        permission: &["thanh toán lại", "có thể giao hàng", "đừng giao hàng"],
        retry: &[
            "tài khoản khác",
            "ví khác",
            "thẻ khác",
            "cách thanh toán khác",
            "lần thanh toán mới",
            "đơn mới",
        ],
        below: &["ghi bên dưới"],
        ..PLAIN
    },
    Language {
        tag: "zh-CN",
        plurals: OTHER,
        stop: "。",
        foreign: EAST_ASIA,
        permission: &["再付", "重新付", "重复支付", "可以交货", "不要交货"],
        retry: &["换一张", "换一种方式", "重新收", "重新开单", "新的订单"],
        below: &["下面的时间"],
        ..PLAIN
    },
    Language {
        tag: "zh-TW",
        plurals: OTHER,
        stop: "。",
        foreign: EAST_ASIA,
        permission: &["再付", "重新付款", "請勿重複", "交給顧客", "交出商品"],
        retry: &["其他卡片", "其他方式", "重新收", "新的訂單", "換卡"],
        below: &["下方的時間"],
        ..PLAIN
    },
];

/// What is known of the language of a locale file.
pub(super) fn language(tag: &str) -> &'static Language {
    LANGUAGES
        .iter()
        .find(|language| language.tag == tag)
        .unwrap_or_else(|| panic!("{tag}: say in languages.rs what its rules are"))
}

/// Whether a text holds one of the phrases.
pub(super) fn speaks(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_lowercase();
    phrases.iter().any(|phrase| text.contains(phrase))
}
