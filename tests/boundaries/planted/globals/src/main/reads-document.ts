// expect: Cannot find name 'document'
export const title: unknown = document.title;
