/** What a network camera can notice by itself, in the order in which it is offered. */
export const noticeKinds = ['motion', 'person', 'vehicle', 'animal', 'line', 'area', 'visitor', 'input', 'sound', 'tamper'] as const;
