/**
 * `$(NAME)` becomes the variable's value, `$$` a dollar sign; an unknown name stays as it stands
 * (kubernetes third_party/forked/golang/expansion/expand.go).
 */
export const expandVariables = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$(?:\$|\(([^()]*)\))/g, (match, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(variables, name) ? variables[name]! : match;
  });
