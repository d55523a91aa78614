import { Component, type ReactNode, useEffect, useRef } from "react";
import { say } from "../api/call.js";
import { useLive } from "../api/useLive.js";
import { NotLoaded } from "./chunk.js";

interface State {
  readonly failure?: { readonly error: unknown } | undefined;
}

/** An error in one part of the page leaves the rest as it is. */
export class Boundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { failure: { error } };
  }

  readonly #again = () => {
    const error = this.state.failure?.error;
    if (error instanceof NotLoaded) error.forget();
    this.setState({ failure: undefined });
  };

  override render() {
    const { failure } = this.state;
    return failure ? <Broken error={failure.error} onAgain={this.#again} /> : this.props.children;
  }
}

function Broken({ error, onAgain }: { readonly error: unknown; readonly onAgain: () => void }) {
  const isOpen = useLive((now) => now.connection === "open");
  const wasOpen = useRef(isOpen);
  const isNotLoaded = error instanceof NotLoaded;
  useEffect(() => {
    // What could not be loaded while the AppHost was gone can be now.
    if (isOpen && !wasOpen.current && isNotLoaded) onAgain();
    wasOpen.current = isOpen;
  }, [isOpen, isNotLoaded, onAgain]);
  return (
    <div className="empty" role="alert">
      <h1>{isNotLoaded ? "This page could not be loaded" : "This page could not be shown"}</h1>
      <p>{isNotLoaded ? (isOpen ? "The AppHost may have a newer one: a reload brings it." : "The AppHost does not answer. The page comes with it.") : say(error)}</p>
      <p>
        <button type="button" className="button" onClick={onAgain}>
          Try again
        </button>{" "}
        {isOpen && (
          <button type="button" className="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        )}
      </p>
    </div>
  );
}
