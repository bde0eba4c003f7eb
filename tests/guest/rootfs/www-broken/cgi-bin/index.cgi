#!/bin/sh
# The index page of an appliance that is broken (fault http-500).
# SPDX-License-Identifier: GPL-2.0-or-later
printf 'Status: 500 Internal Server Error\r\nContent-Type: text/html\r\n\r\n'
echo '<title>Internal error</title>'
