import { useEffect, useState } from "react";
import { useSubmitFiles } from "./useSubmitFiles.js";

/** The whole window takes files, so that nobody misses the target and loses the page. True while one is dragged over it. */
export function useFileDrop(): boolean {
  const submit = useSubmitFiles();
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    // Entering a child comes before leaving its parent: only a count tells when the last one is left.
    let depth = 0;
    const show = (change: number) => setDragging((depth = Math.max(0, depth + change)) > 0);
    const listeners = {
      dragenter: (event: DragEvent) => hasFiles(event) && show(1),
      dragleave: (event: DragEvent) => hasFiles(event) && show(-1),
      dragover: (event: DragEvent) => hasFiles(event) && event.preventDefault(),
      drop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        show(-depth);
        void submit([...(event.dataTransfer?.files ?? [])]);
      },
    };
    for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener as EventListener);
    return () => {
      for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener as EventListener);
    };
  }, [submit]);
  return dragging;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
