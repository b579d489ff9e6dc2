declare global {
  namespace App {
    interface Error {
      status: number;
      /** What happened, when the server said so. */
      title?: string;
      /** What to do. */
      message: string;
    }
  }
}

export {};
