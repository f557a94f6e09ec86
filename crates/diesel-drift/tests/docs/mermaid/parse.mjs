// Prints, as JSON, what each Mermaid reads in the diagram in each file named: tables with their columns, and lines.
import { readFileSync } from "node:fs";

// Mermaid's own escapes, as its parser leaves them for the renderer.
const decoded = (text) =>
  text.replace(/ﬂ°°(\d+)¶ß/gu, (_, code) => String.fromCodePoint(Number(code)));

const read = async (name, file) => {
  const { default: mermaid } = await import(name);
  const text = readFileSync(file, "utf8");
  await mermaid.parse(text);
  const { db, type } = await mermaid.mermaidAPI.getDiagramFromText(text);
  if (type !== "er") throw new Error(`a diagram of type ${type}`);
  const entities = db.getEntities();
  const named = entities instanceof Map ? [...entities] : Object.entries(entities);
  const names = new Map(named.map(([name, entity]) => [entity.id ?? name, decoded(name)]));
  return {
    tables: named.map(([name, { attributes }]) => ({
      name: decoded(name),
      columns: attributes.map((it) => ({
        name: decoded((it.comment ?? it.attributeComment) || (it.name ?? it.attributeName)),
        type: it.type ?? it.attributeType,
        keys: (it.keys ?? it.attributeKeyTypeList ?? []).join(", "),
      })),
    })),
    lines: db.getRelationships().map(({ entityA, entityB, roleA, relSpec }) => ({
      target: names.get(entityA),
      table: names.get(entityB),
      columns: decoded(roleA),
      target_rows: relSpec.cardB,
      table_rows: relSpec.cardA,
      kind: relSpec.relType,
    })),
  };
};

const diagrams = [];
for (const file of process.argv.slice(2)) {
  for (const mermaid of ["mermaid-10", "mermaid-12"]) {
    try {
      diagrams.push({ mermaid, file, ...(await read(mermaid, file)) });
    } catch (error) {
      diagrams.push({ mermaid, file, error: String(error) });
    }
  }
}
console.log(JSON.stringify(diagrams));
