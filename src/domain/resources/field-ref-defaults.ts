/** kubernetes pkg/apis/core/v1/defaults.go SetDefaults_ObjectFieldSelector */
export const defaultFieldRef = <T extends { apiVersion?: string; fieldPath: string }>(fieldRef: T): T => ({
  ...fieldRef,
  apiVersion: fieldRef.apiVersion || 'v1',
});
