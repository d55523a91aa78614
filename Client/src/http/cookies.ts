/** What a browser does by itself: keeps the cookies of one server, for as long as this process lives. */
export class Cookies {
  readonly #values = new Map<string, string>();

  take(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split(";");
      const [name = "", ...value] = pair.split("=");
      if (attributes.some((attribute) => /^\s*(max-age=(0|-)|expires=.*\b1970\b)/i.test(attribute))) this.#values.delete(name.trim());
      else this.#values.set(name.trim(), value.join("=").trim());
    }
  }

  headers(): Record<string, string> {
    if (this.#values.size === 0) return {};
    return { Cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ") };
  }
}
