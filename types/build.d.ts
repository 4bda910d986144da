/** The commit that was built, short, or '' where there is no git: vite.config.ts puts it in. */
declare const __COMMIT__: string;
