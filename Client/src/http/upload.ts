import { UnreachableError } from "../errors.js";
import { deadline } from "../pause.js";

export interface FileAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

export type SendFile = (
  url: string,
  bytes: Blob,
  headers: Readonly<Record<string, string>>,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
) => Promise<FileAnswer>;

/**
 * The name in a header, since addresses are what servers and proxies write into their logs. RFC 8187; a half of a surrogate pair, which a name on
 * some systems may have, would be no text.
 */
export function dispositionOf(name: string): string {
  const text = encodeURIComponent(name.slice(0, nameLimit).replace(/\p{Cs}/gu, "\uFFFD"));
  return `attachment; filename*=UTF-8''${text.replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}`;
}

/** The server keeps no more of it. */
const nameLimit = 255;
/** How long nothing may move before the upload counts as cut off. */
const silenceMs = 30_000;
const wholeFileMs = 60 * 60_000;

/** XMLHttpRequest, since fetch does not tell how much of a body has left. */
export const sendFileByXhr: SendFile = (url, bytes, headers, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const cut = () => fail(new UnreachableError("The upload was cut off."));
    let silence = setTimeout(cut, silenceMs);
    const done = () => {
      clearTimeout(silence);
      signal.removeEventListener("abort", aborted);
    };
    const fail = (error: Error) => {
      done();
      reject(error);
      xhr.abort();
    };
    const aborted = () => fail(new DOMException("Stopped.", "AbortError"));
    xhr.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.setRequestHeader("Content-Type", bytes.type || "application/octet-stream");
    xhr.upload.onprogress = (event) => {
      clearTimeout(silence);
      silence = setTimeout(cut, silenceMs);
      onProgress(event.loaded);
    };
    xhr.onload = () => {
      done();
      resolve({ status: xhr.status, text: xhr.responseText, retryAfter: xhr.getResponseHeader("Retry-After") });
    };
    xhr.onerror = cut;
    if (signal.aborted) {
      aborted();
      return;
    }
    signal.addEventListener("abort", aborted);
    xhr.send(bytes);
  });

/** Where there is no XMLHttpRequest: nobody learns how much has left, only that all of it has. */
export const sendFileByFetch: SendFile = async (url, bytes, headers, onProgress, signal) => {
  const limit = deadline(wholeFileMs, signal);
  try {
    const type = bytes.type || "application/octet-stream";
    const response = await fetch(url, { method: "PUT", body: bytes, headers: { ...headers, "Content-Type": type }, signal: limit.signal });
    onProgress(bytes.size);
    return { status: response.status, text: await response.text(), retryAfter: response.headers.get("Retry-After") };
  } catch (cause) {
    if (signal.aborted) throw new DOMException("Stopped.", "AbortError");
    throw new UnreachableError("The upload was cut off.", { cause });
  } finally {
    limit.dispose();
  }
};
