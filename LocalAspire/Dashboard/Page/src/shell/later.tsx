import { type ComponentType, use } from "react";
import { Chunk } from "./chunk.js";

/** As React's lazy, but what could not be loaded can be asked for again. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const chunk = new Chunk(load);
  return function Later(props: P) {
    const Loaded = use(chunk.read());
    return <Loaded {...props} />;
  };
}
