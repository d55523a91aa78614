import { describe, expect, it } from "vitest";
import { fieldsOf, readAnswer } from "../src/requests/answerFields.js";

const form = (entries: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(entries)) data.set(name, value);
  return data;
};

describe("the form of a question", () => {
  it("has a field for each plain member", () => {
    const schema = {
      type: "object",
      properties: { size: { type: "string", title: "Size", enum: ["S", "M"] }, count: { type: "integer" }, gift: { type: "boolean" } },
      required: ["size"],
    };
    expect(fieldsOf(schema)).toEqual([
      { name: "size", title: "Size", type: "string", choices: ["S", "M"], required: true },
      { name: "count", title: "count", type: "integer", required: false },
      { name: "gift", title: "gift", type: "boolean", required: false },
    ]);
  });

  it.each([undefined, null, true, { type: "string" }, { type: "object" }, { type: "object", properties: { a: { type: "array" } } }])(
    "asks for JSON when the schema is %j",
    (schema) => expect(fieldsOf(schema)).toBeUndefined(),
  );

  it("reads what was filled in, with the types of the schema", () => {
    const fields = fieldsOf({ type: "object", properties: { size: { type: "string" }, count: { type: "integer" }, left: { type: "number" }, gift: { type: "boolean" } } });
    expect(readAnswer(fields, form({ size: "M", count: "3", left: "", gift: "on" }))).toEqual({ answer: { size: "M", count: 3, gift: true } });
    expect(readAnswer(fields, form({ size: "" }))).toEqual({ answer: { gift: false } });
  });

  it("says what is wrong with text that is no JSON", () => {
    expect(readAnswer(undefined, form({ json: '{"a":1}' }))).toEqual({ answer: { a: 1 } });
    expect(readAnswer(undefined, form({ json: "yes" }))).toHaveProperty("trouble");
  });
});
