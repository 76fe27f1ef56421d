// Phone numbers, as the network writes them and as people do.

// Empty when it is none.
export function asNumber(typed) {
  const digits = typed.replace(/\D/g, "");
  if (digits.length === 10) return "+1" + digits;
  return digits.length > 10 ? "+" + digits : "";
}

export function pretty(number) {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number) ?? [];
  return area ? `(${area}) ${exchange}-${line}` : number;
}
