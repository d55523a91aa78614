import type { StatusDocument } from "aspire-feedback";
import { type FormEvent, useId, useState } from "react";
import { useClient, useShowTrouble } from "../client.js";
import { type Field, fieldsOf, readAnswer } from "./answerFields.js";

interface Props {
  readonly id: string;
  readonly input: NonNullable<StatusDocument["input"]>;
  readonly stop: () => void;
}

/** The form that the question's schema describes: two buttons for a single yes or no, fields for plain values, JSON for the rest. */
export function AnswerForm({ id, input, stop }: Props) {
  const client = useClient();
  const showTrouble = useShowTrouble();
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const hint = useId();
  const send = (answer: unknown) => {
    setBusy(true);
    client
      .answer(id, input.key, answer)
      .catch(showTrouble)
      .finally(() => setBusy(false));
  };

  const fields = fieldsOf(input.schema);
  if (fields?.length === 1 && fields[0]?.type === "boolean") {
    const { name } = fields[0];
    return (
      <div className="actions">
        <button type="button" className="button primary" disabled={isBusy} onClick={() => send({ [name]: true })}>
          Yes
        </button>
        <button type="button" className="button" disabled={isBusy} onClick={() => send({ [name]: false })}>
          No
        </button>
        <button type="button" className="button" disabled={isBusy} onClick={stop}>
          Cancel the request
        </button>
      </div>
    );
  }

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readAnswer(fields, new FormData(event.currentTarget));
    setTrouble("trouble" in read ? read.trouble : undefined);
    if ("answer" in read) send(read.answer);
  };
  return (
    <form className="answer" onSubmit={submit}>
      {fields === undefined ? (
        <label className="field wide">
          Your answer, as JSON
          <textarea name="json" rows={4} required aria-invalid={trouble !== undefined} aria-describedby={hint} />
        </label>
      ) : (
        fields.map((field) => <AnswerField key={field.name} field={field} />)
      )}
      <p id={hint} className="fine" role="status">
        {trouble}
      </p>
      <div className="actions">
        <button type="submit" className="button primary" disabled={isBusy}>
          Answer
        </button>
        <button type="button" className="button" disabled={isBusy} onClick={stop}>
          Cancel the request
        </button>
      </div>
    </form>
  );
}

function AnswerField({ field }: { readonly field: Field }) {
  const { name, title, type, choices, required } = field;
  if (type === "boolean") {
    return (
      <label className="check">
        <input type="checkbox" name={name} /> {title}
      </label>
    );
  }
  return (
    <label className="field wide">
      {title}
      {choices ? (
        <select name={name} required={required}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input name={name} type={type === "string" ? "text" : "number"} step={type === "integer" ? 1 : "any"} required={required} />
      )}
    </label>
  );
}
