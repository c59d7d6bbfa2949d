# The suite where there is no Python: docker build -t injector-conformance .
#
#   docker run --rm -v "$PWD:/work" \
#     --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined \
#     --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
#     injector-conformance check -- ./zarf-injector
#
# With these options (or --privileged, which gives more) the suite can make namespaces for every
# run. Without them it says so before the first case; for a subject that is trusted there is
# --sandbox chroot.
#
# PYTHON is any image of a Debian with Python 3.11 or newer: where no registry can be reached, a
# mirror's.

ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
WORKDIR /source
COPY requirements/check.txt requirements/
RUN python3 -m venv /opt/injector-conformance \
 && /opt/injector-conformance/bin/python -m pip --disable-pip-version-check install \
      --no-cache-dir --require-hashes --only-binary :all: --requirement requirements/check.txt
COPY LICENSE README.md hatch_build.py pyproject.toml ./
COPY reference reference
COPY conformance conformance
COPY fixtures fixtures
RUN /opt/injector-conformance/bin/python -m pip --disable-pip-version-check install \
      --no-cache-dir --no-deps --no-build-isolation .

FROM ${PYTHON}
COPY --from=build /opt/injector-conformance /opt/injector-conformance
ENV PATH=/opt/injector-conformance/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /work
ENTRYPOINT ["injector-conformance"]
CMD ["--help"]
