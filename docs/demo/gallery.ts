/** The pages of the gallery, in the order of the menu: the menu and the cards of the start page are made of this list. */

export interface GalleryPage {
  readonly file: string
  /** In the menu, where there is little room. */
  readonly name: string
  /** What it shows, in a sentence or two. */
  readonly about: string
  /** Which transport it uses. */
  readonly over: string
}

export const gallery: readonly GalleryPage[] = [
  {
    file: 'chat.html',
    name: 'Chat',
    about: 'A chat room where nothing you write is lost or doubled while the server is away.',
    over: 'WebSocket',
  },
  {
    file: 'feed.html',
    name: 'News feed',
    about: 'The news of a small harbour, which goes on after every break with the next event.',
    over: 'EventSource or WebSocket',
  },
  {
    file: 'answer.html',
    name: 'Token stream',
    about: 'An answer that is written while you read. Cut the line in the middle: no word is lost or doubled.',
    over: 'fetch, POST',
  },
  {
    file: 'notifications.html',
    name: 'Notifications',
    about: 'Toasts, and an unread count in the title. What you have read is marked as read in every window.',
    over: 'fetch, with an upstream',
  },
  {
    file: 'job.html',
    name: 'Job',
    about:
      'Work that runs on the server: its progress survives a reload and a restart, and its end closes the connection.',
    over: 'fetch',
  },
  {
    file: 'hybrid.html',
    name: 'Hybrid',
    about: 'A board that several people move at once, and notifications beside it: two connections on one page.',
    over: 'WebSocket and fetch',
  },
  {
    file: 'tabs.html',
    name: 'Tabs',
    about: 'As many tabs as you like on one link, and the number of connections that the server sees.',
    over: 'WebSocket, shared',
  },
  {
    file: 'together.html',
    name: 'Together',
    about: 'A text that several people write at the same time, with everybody’s cursor in it.',
    over: 'WebSocket',
  },
  {
    file: 'game.html',
    name: 'Game',
    about: 'Boats that several people sail, with positions that are worth sending now or not at all.',
    over: 'WebSocket',
  },
  {
    file: 'dashboard.html',
    name: 'Dashboard',
    about: 'Several thousand points a second in charts that stay smooth.',
    over: 'WebSocket',
  },
  {
    file: 'compare.html',
    name: 'Compare',
    about: 'WebSocket against Server-Sent Events, measured here and now, and drawn.',
    over: 'both',
  },
  {
    file: 'script-tag.html',
    name: 'Script tag',
    about: 'The smallest page that works, without modules or a build, to copy and start from.',
    over: 'WebSocket',
  },
]
