"use client";

export { FeedbackProvider, type FeedbackProviderProps, useConnection, useFeedbackClient } from "./context.js";
export { type ObservedRequest, useRequest, useRequests } from "./requests.js";
export { type Submission, useSubmit } from "./submit.js";
