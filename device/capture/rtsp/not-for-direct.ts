/** This camera does or sends something that the direct session does not know: the one that knows every camera shall take it. */
export class NotForDirect extends Error {}
