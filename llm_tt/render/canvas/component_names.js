// How people write the names of components, and the one way in which we write them: "9.6" is L9H6, "m10" is
// L10.mlp, "blocks.3.mlp.hook_post.1204" is L3N1204. The table is that of tracing/component_names.py.

// In these patterns "#" is a number, "_" a gap or none, and "~" an underscore.
const SPELLINGS = [
  ["[la]?#_\\.?_h_#", "L1H2"],
  ["[la]?#_\\._#", "L1H2"],
  ["l#_\\.?_n_#", "L1N2"],
  ["l#[ \\t\\xa0.]*(?:mlp|ffn)", "L1.mlp"],
  ["(?:mlp|ffn|m)_#", "L1.mlp"],
  ["l#[ \\t\\xa0.]+(mid|post)", "L1.2"],
  ["l#[ \\t\\xa0.]+(mid|post)[ \\t\\xa0.]+residual", "L1.2.residual"],
  ["l#[ \\t\\xa0.]*(?:attention|attn)", "L1.attention"],
  ["blocks\\.#\\.attn\\.hook~(?:z|result)\\.#", "L1H2"],
  ["blocks\\.#\\.mlp\\.hook~post\\.#", "L1N2"],
  ["blocks\\.#\\.hook~mlp~out", "L1.mlp"],
  ["blocks\\.#\\.hook~resid~(mid|post)", "L1.2"],
].map(([pattern, name]) => [whole(pattern), name]);
const ENTERING = whole("blocks\\.#\\.hook~resid~pre");
const LONGEST = 100;

// The name as we write it, its position as it was; a text that spells no component is returned as it is.
export function canonical(text) {
  if (text.length > LONGEST) return text;
  const start = text.indexOf("@");
  const [written, position] = start < 0 ? [text, ""] : [text.slice(0, start), text.slice(start)];
  const entering = ENTERING.exec(written);
  if (entering) {
    const layer = Number(entering[1]);
    return (layer ? `L${layer - 1}.post` : "embed") + position;
  }
  for (const [pattern, name] of SPELLINGS) {
    const found = pattern.exec(written);
    if (found) return name.replace(/[12]/g, (group) => found[group].toLowerCase()) + position;
  }
  return text;
}

function whole(pattern) {
  const spelled = pattern.replaceAll("#", "0*([0-9]{1,9})").replaceAll("_", "[ \\t\\xa0]*").replaceAll("~", "_");
  return new RegExp(`^${spelled}$`, "i");
}
