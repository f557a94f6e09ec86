// What the compiler has to take, and what it has to refuse.

import type { Input, InputInsert, InputUpdate, Mood } from "./types.js";
import { moodLabels } from "./types.js";

export const least: InputInsert = { code: "a", mood: "ok", document: null };
export const most: InputInsert = {
  by_default: 1,
  code: "a",
  note: null,
  made: "2024-01-01T00:00:00+00:00",
  mood: "sad",
  tags: ["a", null],
  checked: ["a"],
  document: { any: ["thing"] },
  home: { street: null, mood: "ok" },
  price: "NaN",
};
export const undefinedIsAbsent: InputInsert = { code: "a", mood: "ok", document: 1, note: undefined };
export const nothing: InputUpdate = {};
export const one: InputUpdate = { note: null };
export const labels: readonly Mood[] = moodLabels;
export const everyLabel: (mood: Mood) => 0 | 1 | 2 = (mood) => {
  switch (mood) {
    case "sad":
      return 0;
    case "ok":
      return 1;
    case "it's \"so\\so\"":
      return 2;
  }
};
export const read = (row: Input): [number, number, string, string | null, (string | null)[], string[], unknown] => [
  row.id,
  row.twice ?? 0,
  row.code,
  row.note,
  row.tags,
  row.checked,
  row.document,
];
export const price = (row: Input): number => Number(row.price);

// @ts-expect-error a column that has to be there
export const withoutCode: InputInsert = { mood: "ok", document: null };
// @ts-expect-error a column that has to be there, whatever is in it
export const withoutDocument: InputInsert = { code: "a", mood: "ok" };
// @ts-expect-error null in a NOT NULL column
export const nullCode: InputInsert = { code: null, mood: "ok", document: null };
// @ts-expect-error null in a NOT NULL column, on update
export const nullOnUpdate: InputUpdate = { made: null };
// @ts-expect-error no label of the enum
export const wrongLabel: InputInsert = { code: "a", mood: "merry", document: null };
// @ts-expect-error GENERATED ALWAYS AS IDENTITY
export const identity: InputInsert = { id: 1, code: "a", mood: "ok", document: null };
// @ts-expect-error GENERATED ALWAYS AS (…)
export const generated: InputUpdate = { twice: 2 };
// @ts-expect-error no column
export const unknownColumn: InputUpdate = { nothing: 2 };
// @ts-expect-error another type
export const wrongType: InputUpdate = { code: 2 };
// @ts-expect-error null where a check keeps it out
export const nullElement: InputUpdate = { checked: [null] };
// @ts-expect-error an attribute of a composite type is always there in a row
export const withoutAttribute: InputUpdate = { home: { street: null } };
// @ts-expect-error a generated column can be null
export const twice = (row: Input): number => row.twice;
// @ts-expect-error an element can be null
export const elements = (row: Input): string[] => row.tags;
// @ts-expect-error nothing is known of a document
export const document = (row: Input): string => row.document.title;
// @ts-expect-error a column of a view can be null
export const ofAView = (row: import("./types.js").InputView): string => row.code;
