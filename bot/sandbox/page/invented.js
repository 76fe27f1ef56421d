// Borrowers that nobody has met, one press each. Every press gives a new number: one that somebody has would be theirs too.
// Those who come by themselves have the lower endings, the company has 99.

import { asNumber } from "./numbers.js";
import { world } from "./state.js";

function newNumber(area) {
  const all = Array.from({ length: 49 }, (_, at) => `(${area}) 555-01${at + 50}`);
  const met = new Set(world.borrowers.map((one) => asNumber(one.phone)));
  const free = all.filter((number) => !met.has(asNumber(number)));
  const among = free.length ? free : all;
  return among[Math.floor(Math.random() * among.length)];
}

const base = (area, first, last) => ({ first_name: first, last_name: last, phone: newNumber(area), email: `${last}${Math.floor(Math.random() * 10_000)}@example.com`.toLowerCase() });

// night: a time of evening to which the clock moves first, in the zone named, unless it is night there already.
export const INVENTED = [
  {
    title: "Dana wants to buy now",
    hint: "Purchase in Austin, strong credit, “call me now”",
    lead: () => ({ ...base("512", "Dana", "Rowe"), loan_purpose: "purchase", loan_amount: "$310k", purchase_price: "390000", property_city: "Austin", property_state: "TX", property_zip: "78704", credit: "740+", timeline: "this month", best_time: "now" }),
  },
  {
    title: "Priscilla asks at night",
    hint: "Refinance in Colorado, after hours: who may be called, and when?",
    night: { next: "21:40", zone: "America/Denver" },
    lead: () => ({ ...base("303", "Priscilla", "Wong"), loan_purpose: "refinance", loan_amount: "$240k", property_value: "420000", property_city: "Denver", property_state: "CO", property_zip: "80203", credit: "680-719", timeline: "1-3 months" }),
  },
  {
    title: "Elena habla español",
    hint: "First home in San Antonio, and wants it in Spanish",
    lead: () => ({ ...base("210", "Elena", "Vargas"), loan_purpose: "purchase", loan_amount: "250000-300000", first_time_buyer: "yes", property_city: "San Antonio", property_state: "TX", property_zip: "78205", language: "Spanish", comments: "Hola, busco mi primera casa. ¿Me pueden llamar en español?", timeline: "3-6 months" }),
  },
  {
    title: "Bobby Tables means mischief",
    hint: "<b>Markup</b>, @channel and links in every field: it stays plain text",
    lead: () => ({ ...base("214", "<!channel> <b>Bobby</b>", "*Tables* <https://evil.example|click>"), loan_purpose: "purchase", loan_amount: "$200k", property_city: "Dallas", property_state: "TX", property_zip: "75201", comments: "'); DROP TABLE leads; -- <script>alert(1)</script>" }),
  },
];
