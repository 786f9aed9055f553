{{/* The password of the release: made once, then read from what is there. */}}
{{- define "line.password" -}}
{{- $there := lookup "v1" "Secret" .Release.Namespace (include "naming.fullname" .) -}}
{{- if $there }}{{ index $there.data "password" }}{{ else }}{{ randAlphaNum 12 | b64enc }}{{ end }}
{{- end }}

{{/* A busybox that ends as soon as it is told to. */}}
{{- define "line.container" -}}
image: {{ .root.Values.image }}
command: [sh, -c, {{ printf "trap 'exit 0' TERM; %s" .script | quote }}]
resources:
  requests: { cpu: 1m, memory: 1Mi }
{{- end }}

{{- define "line.hook" -}}
{{- $fails := eq .root.Values.failingHook .name -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ printf "%s-%s" (include "naming.fullname" .root) .name }}
  labels: {{- include "naming.labels" .root | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .on }}
    helm.sh/hook-weight: {{ .weight | quote }}
    helm.sh/hook-delete-policy: {{ .policy }}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      containers:
        - name: main
          {{- $script := printf "echo %s of revision %d; exit %d" .name .root.Release.Revision (ternary 1 0 $fails) }}
          {{- include "line.container" (dict "root" .root "script" $script) | nindent 10 }}
{{- end }}
