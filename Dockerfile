# One file for `docker build` (classic builder of 20.10 too) and `podman build`. `npm run build` first: the image takes dist/.
# Where no registry can be reached, `npm start` gives a base made of the machine's own programs (scripts/base-image.ts).
ARG BASE=docker.io/library/node:22-alpine

FROM ${BASE} AS base
LABEL k2d.io/build-stage=base
# nft, conntrack and ip make the Services, nsenter finds the bridge of an engine without root, iptables in both flavours opens Docker's FORWARD chain, catatonit is the pause process.
RUN { nft --version && command -v nsenter && conntrack --version && iptables-nft --version && iptables-legacy --version && catatonit --version; } \
    || apk add --no-cache nftables conntrack-tools iproute2-minimal iptables iptables-legacy catatonit
RUN rm -rf /usr/local/lib/node_modules /usr/local/include/node /usr/local/share/doc /usr/local/share/man /opt/yarn* \
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg

# A fresh root, so that what the line above removed is not carried along in a lower layer.
FROM scratch
COPY --from=base / /
COPY scripts/image/k2d /usr/local/bin/k2d
COPY dist /k2d
# glibc keeps what V8 and OpenSSL gave back unless told otherwise: 10 MB of private memory. musl ignores both.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_ENV=production MALLOC_TRIM_THRESHOLD_=0 MALLOC_ARENA_MAX=1
ENTRYPOINT ["k2d"]
CMD ["serve"]
