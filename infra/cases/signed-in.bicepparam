using '../main.bicep'

param environmentName = 'signed-in'
param location = 'westeurope'
param subscriptions = '11111111-1111-1111-1111-111111111111, 33333333-3333-3333-3333-333333333333'
param teamsWebhookUrl = 'https://planted.api.powerplatform.com/?sig=planted-secret'
param settings = { AUDIT_SCHEDULE: '0 30 3 * * *' }
param alertEmails = 'platform@example.com,network@example.com'
param signInClientId = '44444444-4444-4444-4444-444444444444'
param signInGroups = '55555555-5555-5555-5555-555555555555'
