/** A phase as Artillery reads it (Artillery, "Test scripts: phases"). Times are whole seconds, or a text such as `1500ms`. */
export type Phase = { readonly name: string } & (
  | { readonly duration: number | string; readonly arrivalCount: number }
  | {
      readonly duration: number;
      readonly arrivalRate: number;
      readonly rampTo?: number;
      readonly mode?: 'poisson';
    }
  | { readonly pause: number | string }
);
