import { Store } from "aspire-feedback";

const longest = 64;

/** The code of a link to pair with, until the person has decided. It leaves the address at once, and with it the history and every bookmark. */
export function followPairLinks(): Store<string | undefined> {
  const code = new Store<string | undefined>(undefined);
  const take = () => {
    const found = codeOf(location.hash);
    if (found === undefined) return;
    history.replaceState(null, "", location.pathname + location.search);
    code.set(found);
  };
  take();
  addEventListener("hashchange", take);
  return code;
}

export function codeOf(fragment: string): string | undefined {
  const code = /^#pair=([0-9A-Za-z-]+)$/.exec(fragment)?.[1];
  return code !== undefined && code.length <= longest ? code : undefined;
}
