/** An element of an XML answer. */
export interface Element {
  name: string;
  text: string;
  children: Element[];
}

const token = /<\/([^>]+)>|<([^\s/>?]+)[^>]*?(\/?)>|<\?[^>]*>|([^<]+)/g;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_whole, hex, decimal, name) => {
    if (name) return entities[name] ?? '';
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

/** Reads the XML that the Query protocol answers with: elements and text; attributes are skipped. */
export function parseXml(xml: string): Element {
  const document: Element = { name: '', text: '', children: [] };
  const open = [document];
  for (const [, closing, opening, empty, text] of xml.matchAll(token)) {
    const parent = open.at(-1);
    if (!parent) throw new Error(`more is closed than was opened: ${xml}`);
    if (opening) {
      const element: Element = { name: opening, text: '', children: [] };
      parent.children.push(element);
      if (!empty) open.push(element);
    } else if (closing) {
      if (parent.name !== closing) throw new Error(`</${closing}> closes <${parent.name}>: ${xml}`);
      open.pop();
    } else if (text) {
      parent.text += unescapeXml(text);
    }
  }
  const [root] = document.children;
  if (!root || open.length !== 1) throw new Error(`not a whole document: ${xml}`);
  return root;
}
