// expect: nothing
export const title: string = document.title;
