import { useLive } from "./api/useLive.js";

const hues = 8;

/** One colour a resource on every page: by its place in the application, or by its name where it is none of the application's. */
export function hueOf(name: string, names: readonly string[]): number {
  const index = names.indexOf(name);
  if (index >= 0) return index % hues;
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return sum % hues;
}

export function useHue(): (name: string) => string {
  const resources = useLive((now) => now.resources);
  return (name) => `hue-${hueOf(name, resources?.map((resource) => resource.name) ?? [])}`;
}
