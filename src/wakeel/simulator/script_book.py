"""The scripts every simulator knows, in the words of four dialects."""

from wakeel.simulator.scripts import Dialect, Lines, Rule, Script

G, E, L, EN = Dialect.GULF, Dialect.EGYPTIAN, Dialect.LEVANTINE, Dialect.ENGLISH

YES = ("مهتم", "نعم", "موافق", "تأكيد", "مناسب", "interested", "yes", "confirm", "agree")
NO = ("ليس الآن", "وقت آخر", "غير مهتم", "لاحقا", "not now", "no thanks", "later", "another time")
STOP = ("إيقاف", "الغاء الاشتراك", "stop", "unsubscribe")
PRICE = ("سعر", "ريال", "جنيه", "درهم", "دينار", "ليرة", "تكلفة", "price", "cost")
APPOINTMENT = ("موعد", "متى", "اجتماع", "اتصال", "appointment", "meeting", "call", "when")

ASKS_PRICE: Lines = {
    G: ("السلام عليكم، كم السعر؟", "هلا، بكم الخدمة عندكم؟", "ممكن تفاصيل السعر لو سمحتم؟"),
    E: ("السلام عليكم، بكام لو سمحت؟", "مساء الخير، ممكن أعرف السعر؟", "هي بكام كده؟"),
    L: ("مرحبا، قديش السعر؟", "يعطيكم العافية، بقديش الخدمة؟", "فيكن تبعتولي السعر؟"),
    EN: ("Hi, how much is it?", "Hello, could you send me the price?", "What does it cost?"),
}
THINKS: Lines = {
    G: ("تمام، أشوف وأرد عليكم", "طيب، بكلم الإدارة وأرجع لكم"),
    E: ("تمام، هفكر وأرد عليك", "ماشي، هراجع وأكلمكم"),
    L: ("تمام، بفكر وبرد عليكم", "منيح، بشوف وبرجعلكم"),
    EN: ("Thanks, let me think about it", "OK, I will get back to you"),
}
WANTS: Lines = {
    G: ("السلام عليكم، مهتم بعرضكم", "هلا، أبي أعرف أكثر عن خدمتكم"),
    E: ("السلام عليكم، مهتم بالعرض", "أهلا، عايز أعرف أكتر عن الخدمة"),
    L: ("مرحبا، مهتم بعرضكم", "أهلين، بدي أعرف أكتر عن الخدمة"),
    EN: ("Hi, I am interested in your offer", "Hello, tell me more please"),
}
AGREES: Lines = {
    G: ("مناسب، نكمل", "تمام، توكلنا على الله", "زين، كذا مناسب لي"),
    E: ("تمام، نكمل", "ماشي، موافق", "كويس جدا، اتفقنا"),
    L: ("تمام، منكمل", "منيح، موافق", "ماشي الحال، اتفقنا"),
    EN: ("Fine, let us go ahead", "That works for me", "Agreed"),
}
TIME: Lines = {
    G: ("الأحد بعد العصر يناسبني", "بكرة الصبح أنسب لي"),
    E: ("الأحد بعد العصر يناسبني", "بكرة الصبح كويس"),
    L: ("الأحد بعد العصر بيناسبني", "بكرا الصبح منيح"),
    EN: ("Sunday afternoon suits me", "Tomorrow morning is fine"),
}
THANKS: Lines = {
    G: ("بانتظاركم، شكراً", "الله يعطيكم العافية"),
    E: ("شكراً، مستني منكم", "تسلم، شكراً"),
    L: ("شكراً، ناطركم", "يسلمو"),
    EN: ("Thank you", "Great, thanks"),
}
DECLINES: Lines = {
    G: ("شكراً، ليس الآن", "مشكورين، ما أحتاجه حالياً", "لا، الله يوفقكم"),
    E: ("شكراً، مش دلوقتي", "لا متشكر، مش محتاجه", "مش مناسب لي دلوقتي"),
    L: ("شكراً، مو هلق", "لا يسلمو، ما بدي", "مو مناسب هلق"),
    EN: ("Thanks, not now", "No thank you", "Not for me at the moment"),
}
STOPS: Lines = {
    None: ("إيقاف", "ايقاف", "الغاء الاشتراك", "إلغاء الاشتراك", "STOP"),
    EN: ("STOP", "stop", "Stop"),
}
STARTS: Lines = {None: ("ابدأ",), EN: ("START",)}

BUILT_IN = (
    Script("asks_price", "يسأل عن السعر", "Asks for the price", first=ASKS_PRICE, rules=(
        Rule(contains=PRICE, says=THINKS),
        Rule(tap=YES, says=ASKS_PRICE),
    )),
    Script("agrees", "يوافق", "Agrees", first=WANTS, rules=(
        Rule(contains=APPOINTMENT, tap=YES, says=TIME),
        Rule(tap=YES, says=AGREES),
        Rule(says=THANKS),
    )),
    Script("declines", "يعتذر", "Declines", rules=(Rule(tap=NO, says=DECLINES),)),
    Script("stops", "يطلب إيقاف الرسائل", "Asks to stop", rules=(Rule(tap=STOP, says=STOPS),)),
    Script("returns", "يوقف الرسائل ثم يعود", "Stops, then comes back", rules=(
        Rule(says=STOPS),
        Rule(says=STARTS),
    )),
    Script("silent", "لا يرد", "Stays silent"),
)  # fmt: skip
"""`silent` reads as the person does, and never answers."""
