"use strict";
// The body of a reply that grows: finished blocks, then an edge, then the open block. The server says
// what changed (chat/live.py); what is on the page already is left alone, so a selection survives.
const growingBody = (body, decorate) => {
  const edge = document.createComment("");
  let head = ""; // the open block's HTML up to where text is added
  let foot = "";
  let end = null; // the text node that grows, once it is found
  body.append(edge);

  const parse = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  const redraw = (nodes) => {
    while (edge.nextSibling) edge.nextSibling.remove();
    body.append(nodes);
  };

  // The text node that grows, found by a mark put where the server adds text.
  const findEnd = () => {
    const nodes = parse(`${head}<!---->${foot}`);
    const mark = document.createTreeWalker(nodes, NodeFilter.SHOW_COMMENT).nextNode();
    if (mark.previousSibling?.nodeType !== Node.TEXT_NODE) mark.before(new Text(""));
    end = mark.previousSibling;
    mark.remove();
    redraw(nodes);
  };

  // Adding text leaves all that is there untouched, however long the block.
  const add = (html, place) => {
    if (place !== undefined) {
      const open = head + foot;
      head = open.slice(0, open.length - place);
      foot = open.slice(open.length - place);
      end = null;
    }
    if (!end) findEnd();
    end.appendData(html.includes("&") ? parse(html).textContent : html);
    head += html;
  };

  const finish = (html) => {
    if (html !== head + foot) redraw(parse(html));
    body.append(edge);
    decorate(body);
  };

  const change = (keep, middle, kept, next) => {
    const open = head + foot;
    const html = open.slice(0, keep) + middle + open.slice(open.length - kept);
    if (next !== undefined) finish(html);
    head = next ?? html;
    foot = "";
    end = null;
    redraw(parse(head));
  };

  return {
    body,
    reset: () => {
      body.replaceChildren(edge);
      head = foot = "";
      end = null;
    },
    apply: (parts) => {
      if (parts.length > 2) change(...parts);
      else if (parts.length) add(...parts);
    },
    close: () => edge.remove(),
  };
};
