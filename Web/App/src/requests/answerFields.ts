/** A member of an answer that a form field can give. */
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly type: "string" | "number" | "integer" | "boolean";
  readonly choices?: readonly string[];
  readonly required: boolean;
}

/** The fields of a flat object schema; `undefined` for everything that needs more than fields. */
export function fieldsOf(schema: unknown): readonly Field[] | undefined {
  if (!isObject(schema) || schema.type !== "object" || !isObject(schema.properties)) return undefined;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields: Field[] = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isObject(property)) return undefined;
    const { type, title, enum: choices } = property;
    if (type !== "string" && type !== "number" && type !== "integer" && type !== "boolean") return undefined;
    const texts = Array.isArray(choices) && choices.every((choice) => typeof choice === "string") ? { choices } : {};
    fields.push({ name, title: typeof title === "string" ? title : name, type, required: required.includes(name), ...texts });
  }
  return fields.length > 0 ? fields : undefined;
}

/** What the form says. The server holds it against the schema. */
export function readAnswer(fields: readonly Field[] | undefined, form: FormData): { readonly answer: unknown } | { readonly trouble: string } {
  if (fields === undefined) {
    try {
      return { answer: JSON.parse(String(form.get("json"))) };
    } catch {
      return { trouble: "This is not JSON. A text needs quotation marks." };
    }
  }
  const answer: Record<string, unknown> = {};
  for (const { name, type, required } of fields) {
    const text = String(form.get(name) ?? "");
    if (type === "boolean") answer[name] = form.has(name);
    else if (text !== "" || (required && type === "string")) answer[name] = type === "string" ? text : Number(text);
  }
  return { answer };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
